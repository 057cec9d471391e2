'use client';
import './globals.css';
import ErrorPage from './error.tsx';

/** Stands in for the root layout when that itself fails. */
export default function GlobalError(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body className="min-h-dvh">
        <title>Error · Assay</title>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
