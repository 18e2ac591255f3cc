import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';

const token = `gate_live_${'aB3'.repeat(16)}z`;

function capture(level = 'trace') {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger(level, {
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  return { logger, lines };
}

describe('the log', () => {
  it('writes a level, a time and a message, one JSON object a line', () => {
    const { logger, lines } = capture();
    logger.warn({ lane: 2 }, 'slow');
    expect(lines).toEqual([
      { level: 'warn', time: expect.stringMatching(/Z$/), pid: process.pid, lane: 2, msg: 'slow' },
    ]);
  });

  it('shows no token in message, fields, bindings, error, stack or cause', () => {
    const { logger, lines } = capture();
    const error = new Error(`refused ${token}`, { cause: new Error(`because of ${token}`) });
    logger.child({ bound: token }).error({ err: error, deep: { list: [token] } }, 'failed for %s', token);
    expect(JSON.stringify(lines)).not.toContain(token);
    expect(lines[0]).toMatchObject({
      msg: 'failed for …',
      bound: '…',
      deep: { list: ['…'] },
      err: { type: 'Error', message: 'refused …', cause: { message: 'because of …' } },
    });
  });

  it('tells of a database error its code, not the values it was about', () => {
    const { logger, lines } = capture();
    const error = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(a@b.example) already exists.',
      parameters: ['a@b.example'],
    });
    logger.error(error);
    expect(lines[0]).toMatchObject({ err: { code: '23505', message: 'duplicate key' } });
    expect(JSON.stringify(lines)).not.toContain('a@b.example');
  });

  it('describes what is not an error, and bounds causes that go in circles', () => {
    const { logger, lines } = capture();
    const error = new Error('round');
    error.cause = error;
    logger.error({ err: error });
    logger.error({ err: 'a word' });
    expect(lines[1]).toMatchObject({ err: { type: 'string', message: 'a word' } });
    expect(JSON.stringify(lines[0]).match(/"message":"round"/g)).toHaveLength(4);
  });
});

describe("Nest's logger", () => {
  it('writes its levels into ours, with its context', () => {
    const { logger, lines } = capture();
    const nest = new NestLogger(logger);
    nest.log('hello', 'Users');
    nest.log('mapped', 'RouterExplorer');
    nest.verbose('detail');
    nest.fatal('over', 'Main');
    expect(lines).toMatchObject([
      { level: 'info', msg: 'hello', context: 'Users' },
      { level: 'debug', msg: 'mapped' },
      { level: 'trace', msg: 'detail' },
      { level: 'fatal', msg: 'over', context: 'Main' },
    ]);
  });

  it('takes an error as an error, and a stack as a stack', () => {
    const { logger, lines } = capture();
    const nest = new NestLogger(logger);
    const error = new Error('broken');
    nest.error(error, 'Users');
    nest.error('broken', error.stack, 'Users');
    expect(lines).toMatchObject([
      { msg: 'broken', context: 'Users', err: { type: 'Error', stack: error.stack } },
      { msg: 'broken', context: 'Users', stack: error.stack },
    ]);
  });
});
