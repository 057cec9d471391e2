'use client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { announce } from './announcer.tsx';
import { IconButton } from './button.tsx';

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [isCopied, setCopied] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      announce('The browser does not allow copying here: select the text instead', 'assertive');
      return;
    }
    setCopied(true);
    announce('Copied');
    setTimeout(() => setCopied(false), 1500);
  }
  return (
    <IconButton label={label} size="small" onClick={copy}>
      {isCopied ? <Check aria-hidden className="text-pass" /> : <Copy aria-hidden />}
    </IconButton>
  );
}
