import { NextRequest } from 'next/server';
import { describe, expect, it } from 'vitest';
import { config, contentSecurityPolicy, freshNonce, proxy } from './proxy.ts';

const isMatched = (path: string): boolean => config.matcher.some((m) => new RegExp(`^${m}$`).test(path));

describe('the content security policy of a page', () => {
  it('allows scripts by nonce only and nothing from elsewhere', () => {
    const policy = contentSecurityPolicy('abc');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'nonce-abc' 'strict-dynamic';");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it('makes a new nonce of 128 bits for every answer', () => {
    const nonces = new Set(Array.from({ length: 200 }, freshNonce));
    expect(nonces.size).toBe(200);
    for (const nonce of nonces) expect(atob(nonce)).toHaveLength(16);
  });

  it('is the same on the request, where Next reads the nonce, and on the answer', () => {
    const answer = proxy(new NextRequest('http://localhost/units', { headers: { 'x-nonce': 'forged' } }));
    const policy = answer.headers.get('content-security-policy');
    expect(answer.headers.get('x-middleware-request-content-security-policy')).toBe(policy);
    expect(policy).toContain(`'nonce-${answer.headers.get('x-middleware-request-x-nonce')}'`);
    expect(answer.headers.get('x-middleware-request-x-nonce')).not.toBe('forged');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });
});

describe('the paths that pass the proxy', () => {
  it.each(['/', '/sign-in', '/units/u_1', '/apiary', '/audit/q?task=1'])('%s does', (path) => {
    expect(isMatched(path)).toBe(true);
  });
  it.each(['/api/v1/imports/i_1/content', '/v1/traces', '/api/auth/session', '/_next/static/x.js'])(
    '%s does not',
    (path) => {
      expect(isMatched(path)).toBe(false);
    },
  );
});
