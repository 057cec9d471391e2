import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './globals.css';
import { readDisplay } from '#components/shell/display.ts';

export const metadata: Metadata = {
  title: { default: 'Assay', template: '%s · Assay' },
  description: 'Logs in, proven training data out.',
  robots: { index: false, follow: false },
};
export const viewport: Viewport = { colorScheme: 'light dark', width: 'device-width', initialScale: 1 };

/**
 * Reads the request (the reader's theme), so no page is prerendered, the 404 page included: a static page would carry
 * scripts without a nonce and a public cache header.
 */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const { theme, density } = readDisplay((name) => jar.get(name)?.value);
  return (
    <html lang="en" data-theme={theme} data-density={density} suppressHydrationWarning>
      <body className="min-h-dvh">{children}</body>
    </html>
  );
}
