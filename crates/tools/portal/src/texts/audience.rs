//! Of audiences.
