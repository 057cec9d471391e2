import type { Metadata } from 'next';
import { PlainPage } from '#components/shell/plain-page.tsx';
import { buttonStyle } from '#components/ui/button-style.ts';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <PlainPage
      title="There is nothing here for you"
      acts={
        <a href="/" className={buttonStyle({ tone: 'primary' })}>
          Home
        </a>
      }
    >
      The address is wrong, the thing was withdrawn, or your role does not see it. A lead can tell you which.
    </PlainPage>
  );
}
