/** A whole text that its object key calls a name: `{"author": "Mara Quist"}`. */
import { foldValue } from '../fold-text.ts';
import { PARTICLES, TITLES } from './cues.ts';
import type { NameHit } from './find-names.ts';
import { isGiven, isNameLike, isSeen, isUnknown, type Token } from './tokens.ts';

/** The key says that a person is meant. Underscores, hyphens and capitals aside. */
const PERSON_KEY =
  /^(?:(?:first|last|full|given|family|middle|maiden|sur|fore|nick|legal|birth|display|real|user|customer|client|contact|patient|passenger|guest|holder|cardholder|accountholder|billing|shipping|recipient|sender|employee|member|owner|author|agent|driver|student|teacher|doctor|manager|assignee|reporter|emergencycontact)name|surname|forename|vorname|nachname|nom|prenom|nombre|apellidos?|author|assignee|reporter|recipient|sender|cardholder|accountholder|fullname|contactperson|attn|signedby|createdby|updatedby|requestedby|assignedto|reportedby|manager|spouse|beneficiary)$/;
const MAYBE_KEY =
  /^(?:name|customer|client|contact|user|owner|patient|passenger|guest|employee|member|person|from|to|by|participant|label|title|agent)$/;
const MAX_WORDS = 5;

export function scoreKeyedName(text: string, tokens: readonly Token[], key: string): NameHit | undefined {
  if (key === '' || tokens.length > MAX_WORDS || text.length > 80) return undefined;
  const folded = foldValue(key).replaceAll(/[\s_.-]/g, '');
  const sure = PERSON_KEY.test(folded);
  if (!sure && !MAYBE_KEY.test(folded)) return undefined;
  const first = tokens[0]!;
  const last = tokens.at(-1)!;
  if (!/^[\p{L}\p{M}\s.,'’-]+$/u.test(text)) return undefined;
  const words = tokens.filter((t) => !PARTICLES.has(t.folded) && !TITLES.has(t.folded));
  if (words.length === 0) return undefined;
  const capital = words.every((t) => t.shape !== 'lower');
  const named =
    words.some(isGiven) || (words.length > 1 && words.every((t) => isNameLike(t) || isSeen(t) || isUnknown(t)));
  if (sure ? !capital && !named : !(capital && named)) return undefined;
  return { start: first.start, end: last.end, type: 'PERSON', score: sure ? 0.85 : 0.7, subtype: 'name' };
}
