/**
 * The shared beginning of a branch. Copies carry `copied` and the places of their originals; steps are copied with them,
 * so that each trajectory has its own.
 */
import type { DraftEvent, DraftStep } from '../adapter.ts';

export function copyDrafts(shared: readonly DraftEvent[]): DraftEvent[] {
  const copies = new Map<DraftEvent, DraftEvent>();
  const steps = new Map<DraftStep, DraftStep>();
  for (const draft of shared) copies.set(draft, { ...draft, copied: true });
  for (const copy of copies.values()) {
    if (copy.feedback && typeof copy.feedback.target === 'object') {
      const target = copies.get(copy.feedback.target) ?? 'trajectory';
      copy.feedback = { ...copy.feedback, target };
    }
    if (!copy.step) continue;
    let step = steps.get(copy.step);
    if (!step) {
      step = { ...copy.step };
      if (step.inputs) step.inputs = step.inputs.flatMap((draft) => copies.get(draft) ?? []);
      steps.set(copy.step, step);
    }
    copy.step = step;
  }
  return [...copies.values()];
}
