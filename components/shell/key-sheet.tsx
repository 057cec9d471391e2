'use client';
import { ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { KeyTable } from './key-table.tsx';
import { useKeySettings, useLiveActs } from './keys-provider.tsx';

/** `?`: the keys of the scopes one is in. */
export function KeySheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const acts = useLiveActs();
  const { settings } = useKeySettings();
  const scopes = [...new Set(acts.map((item) => item.scope))];
  return (
    <Dialog
      open={open}
      onClose={onClose}
      width="wide"
      title="Keys that work here"
      hint={settings.lettersOff ? 'Letters are switched off: press F2, then the letter.' : undefined}
      footer={<ButtonLink href="/help/keys">All keys</ButtonLink>}
    >
      <KeyTable remap={settings.remap} scopes={scopes} />
    </Dialog>
  );
}
