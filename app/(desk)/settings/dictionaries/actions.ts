'use server';
import { action } from '#lib/http/action.ts';
import { decideEntry, EntryDecision, NewEntry, proposeEntry } from '#lib/usecases/settings/dictionary.ts';

export const propose = action('dictionary.propose', NewEntry, proposeEntry);
export const decide = action('dictionary.decide', EntryDecision, decideEntry);
