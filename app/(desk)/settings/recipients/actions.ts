'use server';
import { action } from '#lib/http/action.ts';
import { addRecipient, NewRecipient } from '#lib/usecases/settings/recipients.ts';

export const register = action('recipient.manage', NewRecipient, addRecipient);
