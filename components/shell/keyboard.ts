/** Decides which live act a keystroke runs. No React, no DOM beyond the event: one listener hands events in. */
import { ACT_BY_ID, type Act, keysOf, type Remap, SCOPES } from './keys.ts';
import { isBareCharacter, isPress } from './press.ts';

export type Handler = (event?: KeyboardEvent) => void;
export type LiveAct = Act & { run: Handler };
/** Takes any keystroke (hint letters, a key being chosen); `true` when it was used. */
export type Capture = (event: KeyboardEvent) => boolean;
export type KeySettings = { remap: Remap; lettersOff: boolean };

const SEQUENCE_MS = 1000;
const TYPED_INTO =
  'input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[contenteditable]';
const IN_DIALOG = 'dialog[open],[role=dialog],[role=menu],[role=listbox]';

/** An element on which Enter or Space already means something. */
const ACTIVATED = 'a[href],button,summary,[role=button],[role=tab],input[type=checkbox],input[type=radio]';

export function createKeyboard(initial: KeySettings) {
  let settings = initial;
  const live: LiveAct[] = [];
  const captures: Capture[] = [];
  let pending: { act: LiveAct; presses: string[] }[] = [];
  let done = 0;
  let lastAt = 0;
  const listeners = new Set<() => void>();
  let snapshot: readonly LiveAct[] = [];

  function changed() {
    snapshot = [...live].sort((a, b) => SCOPES[b.scope].rank - SCOPES[a.scope].rank);
    for (const listener of listeners) listener();
  }

  const sequencesOf = (item: LiveAct) =>
    keysOf(item, settings.remap)
      .map((key) => key.split(' '))
      .filter((presses) => !settings.lettersOff || !isBareCharacter(presses[0] as string));

  function find(event: KeyboardEvent, candidates: readonly LiveAct[]): LiveAct | 'waits' | undefined {
    if (pending.length > 0 && event.timeStamp - lastAt <= SEQUENCE_MS) {
      const going = pending.filter(({ presses }) => isPress(event, presses[done] as string));
      const whole = going.find(({ presses }) => presses.length === done + 1);
      if (whole) return whole.act;
      if (going.length > 0) {
        pending = going;
        done += 1;
        lastAt = event.timeStamp;
        return 'waits';
      }
    }
    pending = [];
    done = 0;
    for (const rank of [4, 3, 2, 1, 0]) {
      const ofRank = candidates.filter((item) => SCOPES[item.scope].rank === rank);
      for (const item of ofRank) {
        if (sequencesOf(item).some((presses) => presses.length === 1 && isPress(event, presses[0] as string)))
          return item;
      }
      pending = ofRank.flatMap((item) =>
        sequencesOf(item)
          .filter((presses) => presses.length > 1 && isPress(event, presses[0] as string))
          .map((presses) => ({ act: item, presses })),
      );
      if (pending.length > 0) {
        done = 1;
        lastAt = event.timeStamp;
        return 'waits';
      }
    }
    return undefined;
  }

  /** @returns the act that ran, 'waits' inside a sequence, undefined when the keystroke is the browser's */
  function handle(event: KeyboardEvent, options: { inside?: boolean } = {}): ActIdOrWait | undefined {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return undefined;
    const capture = captures.at(-1);
    if (capture?.(event)) {
      event.preventDefault();
      return 'captured';
    }
    const target = event.target instanceof Element ? event.target : null;
    const isChord = event.ctrlKey || event.metaKey || /^F\d+$/.test(event.key);
    if (!isChord && target?.closest(TYPED_INTO)) return undefined;
    if ((event.key === 'Enter' || event.key === ' ') && target?.matches(ACTIVATED)) return undefined;
    // Ctrl+A inside a text field selects its text, and stays so.
    if (isChord && event.key.toLowerCase() === 'a' && target?.closest(TYPED_INTO)) return undefined;
    const isBehindDialog =
      !options.inside && (target?.closest(IN_DIALOG) != null || document.querySelector('dialog[open]') !== null);
    const candidates = isBehindDialog ? live.filter((item) => item.scope === 'dialog') : snapshot;
    const found = find(event, candidates);
    if (found === undefined) return undefined;
    event.preventDefault();
    if (found === 'waits') return 'waits';
    pending = [];
    done = 0;
    if (event.repeat && !found.repeats) return 'held';
    found.run(event);
    return found.id;
  }

  return {
    handle,
    /** @returns takes them off again; the last registered of an act wins */
    register(acts: { id: string; run: Handler; label?: string }[]): () => void {
      const mine = acts.map(({ id, run, label }) => {
        const item = ACT_BY_ID.get(id);
        if (!item) throw new Error(`no act ${id} in the table of keys`);
        return { ...item, label: label ?? item.label, run };
      });
      live.unshift(...mine);
      changed();
      return () => {
        for (const item of mine) live.splice(live.indexOf(item), 1);
        changed();
      };
    },
    capture(take: Capture): () => void {
      captures.push(take);
      return () => void captures.splice(captures.indexOf(take), 1);
    },
    run: (id: string): void => live.find((item) => item.id === id)?.run(),
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Live acts, innermost scope first. */
    liveActs: () => snapshot,
    settings: () => settings,
    change(next: KeySettings): void {
      settings = next;
      changed();
    },
  };
}
type ActIdOrWait = string | 'waits' | 'held' | 'captured';
export type Keyboard = ReturnType<typeof createKeyboard>;
