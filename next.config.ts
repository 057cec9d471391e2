import type { NextConfig } from 'next';
import { contentSecurity, NO_STORE, SECURITY_HEADERS } from './lib/http/security-headers.ts';

const listOf = (headers: Record<string, string>) => Object.entries(headers).map(([key, value]) => ({ key, value }));

/** On every answer. The policy with a nonce for pages comes from proxy.ts; when that is missing, this one is closed, not open. */
const headers = listOf({ ...SECURITY_HEADERS, 'Content-Security-Policy': contentSecurity("'self'", "'self'") });

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // Native addons, and packages that look for their own files.
  serverExternalPackages: ['pg', 'pg-boss', '@node-rs/argon2', '@prisma/client', '@prisma/adapter-pg', 'pino'],
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks the types; a start on someone's machine need not do it again.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    { source: '/:path*', headers },
    { source: '/((?!_next/static/).*)', headers: listOf(NO_STORE) },
  ],
};

export default config;
