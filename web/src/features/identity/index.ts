// Identity: who is signed in.
export { useSession } from "./api/session.ts";
export { AccountMenu } from "./components/AccountMenu.tsx";
