'use server';
import { action } from '#lib/http/action.ts';
import { GoldDraft, GoldRuling, ruleGold, saveGold } from '#lib/usecases/gold/write-gold.ts';

export const save = action('gold.save', GoldDraft, saveGold);
export const rule = action('gold.rule', GoldRuling, ruleGold);
