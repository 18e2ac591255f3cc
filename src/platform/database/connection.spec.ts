import { describe, expect, it } from '@jest/globals';
import { clientConfig, roleOf, socketUrl } from './connection.js';

describe('a connection of ours', () => {
  it('says what it serves, asks for an actor, and works in UTC', () => {
    const config = clientConfig(
      'postgres://ada:word@db.example:6432/gate?application_name=other',
      'admission',
    );
    expect(config).toMatchObject({
      host: 'db.example',
      port: 6432,
      user: 'ada',
      password: 'word',
      database: 'gate',
      application_name: 'gatehouse admission',
      options: '-c gatehouse.require_actor=on -c timezone=UTC -c jit=off',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
  });

  it('cannot be talked out of asking for an actor by its address', () => {
    const url = 'postgres://ada@db.example/gate?options=-c%20gatehouse.require_actor%3Doff';
    expect(clientConfig(url, 'pool').options).toBe(
      '-c gatehouse.require_actor=on -c timezone=UTC -c jit=off',
    );
  });
});

describe('the address of a socket', () => {
  it('carries every character there and back', () => {
    const url = socketUrl({ host: '/tmp/a dir&x=1', port: 5433 }, 'us:er@', 'p/w?#%', 'gate');
    expect(clientConfig(url, 'cli')).toMatchObject({
      host: '/tmp/a dir&x=1',
      port: 5433,
      user: 'us:er@',
      password: 'p/w?#%',
      database: 'gate',
    });
  });
});

describe('the role of an address', () => {
  it.each([
    ['postgres://ada:word@localhost/gate', 'ada'],
    ['postgres://a%40b@localhost/gate', 'a@b'],
    ['postgres://localhost/gate', ''],
  ])('of %s is %j', (url, role) => {
    expect(roleOf(url)).toBe(role);
  });
});
