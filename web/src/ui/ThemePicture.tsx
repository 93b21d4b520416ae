/** A page in small, in a theme's own colours: they are drawn, not taken from the theme in use. */
export function ThemePicture({ theme }: { theme: "light" | "dark" | "system" }) {
  return (
    <svg className={`bs-picture bs-picture--${theme === "dark" ? "dark" : "light"}`} viewBox="0 0 96 56" aria-hidden="true">
      <rect className="bs-picture__ground" width="96" height="56" />
      <rect className="bs-picture__rail" width="14" height="56" />
      <rect className="bs-picture__ink" x="22" y="10" width="40" height="6" rx="3" />
      <rect className="bs-picture__ink" x="22" y="24" width="62" height="4" rx="2" opacity=".5" />
      <rect className="bs-picture__ink" x="22" y="34" width="52" height="4" rx="2" opacity=".5" />
      {theme === "system" ? <path className="bs-picture__half" d="M96 0v56H40z" /> : null}
    </svg>
  );
}
