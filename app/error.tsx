'use client';
import { PlainPage } from '#components/shell/plain-page.tsx';
import { Button, ButtonLink } from '#components/ui/button.tsx';

/** The digest is the id under which the server logged the cause; the message itself is never shown. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <PlainPage
      title="This page could not be shown"
      acts={
        <>
          <Button tone="primary" onClick={reset}>
            Try again
          </Button>
          <ButtonLink href="/">Home</ButtonLink>
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
