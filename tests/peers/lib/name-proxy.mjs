// A proxy for names that no resolver knows: every `*.test` leads to this machine, nothing else
// leads anywhere. It stands for the proxy of a ministry's network.

import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";

/** Starts the proxy; `asked` lists the names it was asked for. */
export async function startNameProxy() {
  const asked = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connect", (request, client, head) => {
    const [name, port] = request.url.split(":");
    asked.push(name);
    if (!name.endsWith(".test")) {
      client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const upstream = connect(Number(port), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${server.address().port}`, asked, stop };
}
