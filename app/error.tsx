'use client';
import { PlainPage } from '#components/shell/plain-page.tsx';
import { buttonStyle } from '#components/ui/button-style.ts';

/** The digest is the id under which the server logged the cause; the message itself is never shown. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <PlainPage
      title="This page could not be shown"
      acts={
        <>
          <button type="button" className={buttonStyle({ tone: 'primary' })} onClick={reset}>
            Try again
          </button>
          <a className={buttonStyle()} href="/">
            Home
          </a>
        </>
      }
    >
      Nothing you decided is lost.
      {error.digest && (
        <>
          {' '}
          Quote <code className="font-mono text-mono">{error.digest}</code> when you report it.
        </>
      )}
    </PlainPage>
  );
}
