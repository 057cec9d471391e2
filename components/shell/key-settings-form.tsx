'use client';
import { useState } from 'react';
import { announce } from '../ui/announcer.tsx';
import { Button } from '../ui/button.tsx';
import { CheckboxField } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { ACT_BY_ID, ACTS, type Act, findClashes, keysOf, SCOPES, type ScopeName } from './keys.ts';
import { useKeyCapture, useKeySettings } from './keys-provider.tsx';
import { writePress } from './press.ts';

/** Choose other keys, scope by scope; a key that is taken is refused with its holder's name. */
export function KeySettingsForm({ onLettersOff }: { onLettersOff?: (off: boolean) => void }) {
  const { settings, setRemap, setLettersOff } = useKeySettings();
  const [waiting, setWaiting] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  useKeyCapture(
    waiting === null
      ? null
      : (event) => {
          if (event.key === 'Tab') return false;
          const press = event.key === 'Escape' ? undefined : writePress(event);
          if (event.key !== 'Escape' && press === undefined) return true;
          if (press) change(waiting, press);
          setWaiting(null);
          return true;
        },
  );
  function change(id: string, press: string) {
    const remap = { ...settings.remap, [id]: [press] };
    const clash = findClashes(ACTS, remap)[0];
    const holder = clash?.acts.find((other) => other !== id);
    if (clash) {
      const text = `${press} belongs to “${ACT_BY_ID.get(holder ?? '')?.label}” in ${SCOPES[clash.scope].label}.`;
      setRefusal(text);
      announce(text, 'assertive');
      return;
    }
    setRefusal(null);
    setRemap(remap);
    announce(`${ACT_BY_ID.get(id)?.label}: ${press}`);
  }
  function reset(scope: ScopeName) {
    setRemap(Object.fromEntries(Object.entries(settings.remap).filter(([id]) => ACT_BY_ID.get(id)?.scope !== scope)));
  }
  return (
    <div className="flex flex-col gap-6">
      <CheckboxField
        label="Letter keys"
        hint="Off: single letters do nothing; F2 opens the acts of a desk, and there the letters work."
        checked={!settings.lettersOff}
        onChange={(event) => {
          setLettersOff(!event.target.checked);
          onLettersOff?.(!event.target.checked);
        }}
      />
      {refusal && (
        <p role="alert" className="text-fail">
          {refusal}
        </p>
      )}
      {(Object.keys(SCOPES) as ScopeName[]).map((scope) => {
        const acts = (ACTS as readonly Act[]).filter((item) => item.scope === scope);
        if (acts.length === 0) return null;
        const isOwn = acts.some((item) => settings.remap[item.id]);
        return (
          <section key={scope} aria-label={SCOPES[scope].label}>
            <header className="flex h-9 items-center justify-between border-line border-b">
              <h3 className="font-medium">{SCOPES[scope].label}</h3>
              {isOwn && (
                <Button size="small" tone="quiet" onClick={() => reset(scope)}>
                  Defaults
                </Button>
              )}
            </header>
            <ul>
              {acts.map((item) => (
                <li key={item.id} className="flex min-h-row items-center gap-3 border-line border-b">
                  <span className="flex-1">{item.label}</span>
                  {waiting === item.id ? (
                    <span className="text-accent">Press a key, Esc leaves it</span>
                  ) : (
                    keysOf(item, settings.remap).map((key) => <Kbd key={key} keys={key} />)
                  )}
                  <Button
                    size="small"
                    tone="quiet"
                    onClick={() => setWaiting(item.id)}
                    aria-label={`Change the key of ${item.label}`}
                  >
                    Change
                  </Button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
