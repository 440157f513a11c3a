// Webhook receivers of a test: record what came, in order.

import { createServer } from 'node:http';

/** A receiver on a free port of 127.0.0.1 that answers 200. */
export async function startSink(name) {
  const requests = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.end();
    });
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const events = () => requests.flatMap((request) => request.body.events);
  return {
    name,
    requests,
    events,
    url: `http://127.0.0.1:${server.address().port}/${name}`,
    /** Waits until `count` events came, at most 15 s. */
    async waitFor(count) {
      for (const end = Date.now() + 75_000; events().length < count; ) {
        if (Date.now() > end) throw new Error(`${name} got ${events().map((event) => event.type)}, not ${count}`);
        await new Promise((later) => setTimeout(later, 20));
      }
      return events();
    },
    close: () => new Promise((closed) => server.close(closed) && server.closeAllConnections()),
  };
}
