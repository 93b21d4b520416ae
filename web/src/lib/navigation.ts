/** The few ways out of the application to pages that the server renders. Apart, so that tests can see them taken. */
export const navigation = {
  /** Leaves for another page of the server. */
  go(address: string): void {
    location.assign(address);
  },
};

const PAGES = /^\/(?:$|[?#]|(?:outils|annonces|notifications|annuaire|reglages|compte|administration)(?:[/?#]|$))/;

/** Whether an address is a page of the application itself. */
export function isOwnPage(address: string): boolean {
  return PAGES.test(address);
}

let leaving = false;

/** The session is over: sign in, then come back here. Several answers may say so; one is enough. */
export function goToSignIn(): void {
  if (leaving) return;
  leaving = true;
  const here = `${location.pathname}${location.search}`;
  navigation.go(`/connexion?retour=${encodeURIComponent(here)}`);
}

// A page taken back from the browser's history may find the session over again.
addEventListener("pageshow", () => {
  leaving = false;
});
