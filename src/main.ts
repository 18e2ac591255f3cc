import './platform/runtime/require-node.js';

// Loaded only now: an older Node would fail on the syntax of what follows before it could say why.
const { start } = await import('./boot/start.js');
await start();
