// Identity: who is signed in.
export { useSession } from "./api/session.ts";
export { AccountMenu, signOut } from "./components/AccountMenu.tsx";
