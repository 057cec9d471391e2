import { Kbd } from '../ui/kbd.tsx';
import { ACTS, type Act, keysOf, type Remap, SCOPES, type ScopeName } from './keys.ts';

/** Keys by scope, for the sheet and for /help/keys (prints well). */
export function KeyTable({ remap, scopes }: { remap?: Remap; scopes?: readonly ScopeName[] }) {
  const names = (Object.keys(SCOPES) as ScopeName[]).filter((name) => !scopes || scopes.includes(name));
  return (
    <div className="columns-1 gap-8 md:columns-2">
      {names.map((name) => {
        const acts = (ACTS as readonly Act[]).filter((item) => item.scope === name);
        if (acts.length === 0) return null;
        return (
          <section key={name} className="mb-6 break-inside-avoid-column">
            <h3 className="mb-1 font-medium text-ink-2">{SCOPES[name].label}</h3>
            <dl>
              {acts.map((item) => (
                <div key={item.id} className="flex min-h-7 items-center justify-between gap-4 border-line border-t">
                  <dt>{item.label}</dt>
                  <dd className="flex gap-2">
                    {keysOf(item, remap).map((key) => (
                      <Kbd key={key} keys={key} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
    </div>
  );
}
