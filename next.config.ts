import type { NextConfig } from 'next';

/** On every answer. The policy with a nonce for pages comes from proxy.ts; when that is missing, this one is closed, not open. */
const headers = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['X-Frame-Options', 'DENY'],
  [
    'Permissions-Policy',
    [
      'accelerometer',
      'autoplay',
      'camera',
      'clipboard-read',
      'display-capture',
      'encrypted-media',
      'fullscreen',
      'geolocation',
    ]
      .concat([
        'gyroscope',
        'hid',
        'idle-detection',
        'magnetometer',
        'microphone',
        'midi',
        'payment',
        'picture-in-picture',
      ])
      .concat([
        'publickey-credentials-get',
        'screen-wake-lock',
        'serial',
        'storage-access',
        'usb',
        'web-share',
        'xr-spatial-tracking',
      ])
      .map((feature) => `${feature}=()`)
      .join(', '),
  ],
  [
    'Content-Security-Policy',
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      'report-uri /api/csp-report',
    ].join('; '),
  ],
].map(([key, value]) => ({ key: key!, value: value! }));

const noStore = { key: 'Cache-Control', value: 'private, no-store' };

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
    { source: '/((?!_next/static/).*)', headers: [noStore] },
  ],
};

export default config;
