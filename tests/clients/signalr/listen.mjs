// Listens to an events hub and writes what happens as lines of JSON: the test on the other side of the
// pipe decides what should have happened.
//
// Its argument: {url, token, origin, scheme, inQuery, skipNegotiation, reconnect, call}. It stops when its
// standard input ends.

import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const asked = JSON.parse(process.argv[2]);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const options = { headers: {} };
if (asked.origin) options.headers.Origin = asked.origin;
if (asked.scheme) options.headers.Authorization = `${asked.scheme} ${asked.token}`;
else if (!asked.inQuery) options.accessTokenFactory = () => asked.token;
if (asked.skipNegotiation) {
  options.skipNegotiation = true;
  options.transport = HttpTransportType.WebSockets;
}
const query = asked.inQuery ? `&access_token=${encodeURIComponent(asked.token)}` : '';
let builder = new HubConnectionBuilder().withUrl(asked.url + query, options).configureLogging(LogLevel.None);
if (asked.reconnect) builder = builder.withAutomaticReconnect(Array(100).fill(100));
const connection = builder.build();

connection.on('ReceiveDirectActivities', (...them) => say({ activity: them[0], count: them.length }));
connection.onreconnecting((error) => say({ reconnecting: String(error) }));
connection.onreconnected(() => say({ reconnected: true }));
connection.onclose((error) => say({ closed: error ? error.message : null }));
process.stdin.on('end', () => connection.stop().then(() => process.exit(0)));
process.stdin.resume();

try {
  await connection.start();
  say({ connected: true });
  if (asked.call) await connection.invoke(asked.call).catch((error) => say({ refused: error.message }));
} catch (error) {
  say({ failed: error.message });
}
