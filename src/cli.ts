import './platform/runtime/require-node.js';

// Loaded only now: an older Node would fail on the syntax of what follows before it could say why.
const { runCommandLine } = await import('./cli/run.js');
await runCommandLine(process.argv.slice(2));
