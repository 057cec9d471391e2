import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';

/** Code or data as it is: one text node, no colouring, nothing interpreted. */
export function CodeBlock({ text, label, copy = true }: { text: string; label: string; copy?: boolean }) {
  return (
    <figure className="group relative rounded-md border border-line bg-surface">
      <figcaption className="sr-only">{label}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by key */}
      <pre tabIndex={0} className="overflow-x-auto p-3 pe-12 font-mono text-mono" translate="no">
        {text}
      </pre>
      {copy && (
        <span className="absolute top-1.5 right-1.5">
          <CopyButton text={text} label={`Copy ${label}`} />
        </span>
      )}
    </figure>
  );
}

/** A short id, hash or path in the line. */
export const Code = ({ children }: { children: ReactNode }) => (
  <code className="rounded-sm bg-sunken px-1 font-mono text-mono" translate="no">
    {children}
  </code>
);
