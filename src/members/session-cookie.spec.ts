import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { loadConfig } from '../platform/config/index.js';
import { SessionCookie } from './session-cookie.js';

const TOKEN = 'A'.repeat(43);

function cookieOf(environment: Record<string, string>): SessionCookie {
  return new SessionCookie(loadConfig(environment));
}

function request(cookie?: string, localPort = 40_001): Request {
  return { headers: { cookie }, socket: { localPort } } as Request;
}

describe('SessionCookie', () => {
  it('is for the host alone, hidden from scripts and from other sites, and carries the port', () => {
    expect(cookieOf({ PORT: '3100' }).issue(request(), TOKEN)).toBe(
      `gatehouse_session_3100=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`,
    );
  });

  it('carries the port of the socket where any port was asked for', () => {
    const cookie = cookieOf({ PORT: '0' });
    expect(cookie.issue(request(undefined, 40_001), TOKEN)).toMatch(/^gatehouse_session_40001=/);
    expect(cookie.issue(request(undefined, 40_002), TOKEN)).toMatch(/^gatehouse_session_40002=/);
  });

  it('is Secure and bound to its host over https, under the port that browsers see', () => {
    const attributes = 'Path=/; HttpOnly; SameSite=Strict; Secure';
    expect(cookieOf({ PUBLIC_URL: 'https://gate.example.com', PORT: '3100' }).issue(request(), TOKEN)).toBe(
      `__Host-gatehouse_session_443=${TOKEN}; ${attributes}`,
    );
    expect(cookieOf({ PUBLIC_URL: 'https://gate.example.com:8443' }).issue(request(), TOKEN)).toBe(
      `__Host-gatehouse_session_8443=${TOKEN}; ${attributes}`,
    );
    expect(cookieOf({ PUBLIC_URL: 'http://gate.example.com' }).issue(request(), TOKEN)).toBe(
      `gatehouse_session_80=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`,
    );
  });

  it('is taken away with the name and attributes it was given with', () => {
    const cookie = cookieOf({ PUBLIC_URL: 'https://gate.example.com' });
    expect(cookie.clear(request())).toBe(
      '__Host-gatehouse_session_443=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0',
    );
  });

  it('is found among others by its whole name', () => {
    const cookie = cookieOf({ PORT: '3100' });
    expect(cookie.read(request(`theme=dark; gatehouse_session_3100=${TOKEN};x=1`))).toBe(TOKEN);
    expect(
      cookie.read(request(`gatehouse_session_31000=${TOKEN}; xgatehouse_session_3100=${TOKEN}`)),
    ).toBeUndefined();
    expect(cookie.read(request('gatehouse_session_3100='))).toBeUndefined();
    expect(cookie.read(request('gatehouse_session_3100'))).toBeUndefined();
    expect(cookie.read(request())).toBeUndefined();
  });

  it('over https ignores a cookie without the prefix, which a neighbour could have planted', () => {
    const cookie = cookieOf({ PUBLIC_URL: 'https://gate.example.com' });
    expect(cookie.read(request(`gatehouse_session_443=${TOKEN}`))).toBeUndefined();
  });
});
