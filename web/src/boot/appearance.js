// Runs before the first paint, as a classic script: theme, look and language on <html>.
// Everything it sets is set again by src/lib/preferences once the application runs.
(function () {
  "use strict";
  var root = document.documentElement;
  function cookie(name) {
    var found = document.cookie.match(new RegExp("(?:^|; )" + name + "=([^;]*)"));
    return found ? found[1] : "";
  }
  var scheme = cookie("besace-theme");
  if (scheme !== "light" && scheme !== "dark") scheme = "system";
  var dark = scheme === "dark" || (scheme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-fr-scheme", scheme);
  root.setAttribute("data-fr-theme", dark ? "dark" : "light");
  var language = cookie("besace-lang");
  for (var i = 0; !/^(fr|en)$/.test(language); i += 1) {
    language = i < navigator.languages.length ? navigator.languages[i].slice(0, 2).toLowerCase() : "fr";
  }
  root.lang = language;
  try {
    if (localStorage.getItem("besace-look") === "state") root.setAttribute("data-besace-look", "state");
  } catch {
    // Storage may be refused: the look comes with /api/v1/site.
  }
})();
