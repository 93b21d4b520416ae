//! Of requests.
