/**
 * The server with its one promise broken on purpose: an answer leaves at once and its row is written later. Only
 * the control of the kill run starts it, to show that the run would notice.
 */
import { RequestLog } from '../../src/audit/index.js';
import { start } from '../../src/boot/start.js';

const record = Reflect.get(RequestLog.prototype, 'record') as RequestLog['record'];

RequestLog.prototype.record = function (this: RequestLog, context, outcome, done) {
  done();
  record.call(this, context, outcome, () => undefined);
};

await start();
