import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Route, Routes } from "react-router";

import { ProviderAdmin } from "../../features/admin/index.ts";
import { Frame } from "./Frame.tsx";

/** What administrators of a provider without a portal use, inside a router. */
export function ProviderApp({ queryClient }: { queryClient: QueryClient }) {
  return (
    <QueryClientProvider client={queryClient}>
      <Routes>
        <Route element={<Frame />}>
          <Route path="/administration/*" element={<ProviderAdmin />} />
        </Route>
      </Routes>
    </QueryClientProvider>
  );
}
