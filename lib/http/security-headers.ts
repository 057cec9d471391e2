/** What every answer says to the browser; next.config.ts sets it on all, proxy.ts again on pages, whose answers are its own. */
const FEATURES =
  'accelerometer autoplay camera clipboard-read display-capture encrypted-media fullscreen geolocation gyroscope hid ' +
  'idle-detection magnetometer microphone midi payment picture-in-picture publickey-credentials-get screen-wake-lock ' +
  'serial storage-access usb xr-spatial-tracking';

export const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy': FEATURES.split(' ')
    .map((feature) => `${feature}=()`)
    .join(', '),
} as const;

export const NO_STORE = { 'Cache-Control': 'private, no-store' } as const;

/** A Content-Security-Policy; the sources of scripts and styles are what differs between pages and the rest. */
export const contentSecurity = (scripts: string, styles: string): string =>
  [
    "default-src 'none'",
    `script-src ${scripts}`,
    `style-src ${styles}`,
    "worker-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    'report-uri /api/csp-report',
  ].join('; ');
