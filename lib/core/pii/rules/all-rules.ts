/** Every rule, in the order they run. Order has no effect on what is found. */

import { nameRule } from '../names/name-rule.ts';
import { assignmentRule } from '../secrets/assignment.ts';
import { credentialRule } from '../secrets/credentials.ts';
import { spokenSecretRule } from '../secrets/spoken.ts';
import { vendorSecretRule } from '../secrets/vendor.ts';
import { ageRule } from './age.ts';
import { bankAccountRule } from './bank-account.ts';
import { cryptoWalletRule } from './crypto-wallet.ts';
import { dateRule, yearRule } from './date.ts';
import { demographicRule } from './demographic.ts';
import { deviceIdRule } from './device-id.ts';
import { emailRule } from './email.ts';
import { geoRule } from './geo.ts';
import { ipAddressRule } from './ip-address.ts';
import { codedRecordRule, labelledNumberRule } from './labelled-number.ts';
import { nationalIdRule } from './national-id.ts';
import { paymentCardRule } from './payment-card.ts';
import { phoneRule } from './phone.ts';
import { postcodeRule } from './postcode.ts';
import type { Rule } from './rule.ts';
import { streetAddressRule } from './street-address.ts';
import { urlRule } from './url.ts';
import { usernameRule } from './username.ts';
import { uuidRule } from './uuid.ts';
import { vehicleIdRule } from './vehicle-id.ts';

export const RULES: readonly Rule[] = [
  emailRule,
  phoneRule,
  paymentCardRule,
  bankAccountRule,
  nationalIdRule,
  ipAddressRule,
  deviceIdRule,
  geoRule,
  streetAddressRule,
  postcodeRule,
  dateRule,
  yearRule,
  ageRule,
  vehicleIdRule,
  cryptoWalletRule,
  labelledNumberRule,
  codedRecordRule,
  demographicRule,
  uuidRule,
  urlRule,
  usernameRule,
  vendorSecretRule,
  assignmentRule,
  credentialRule,
  spokenSecretRule,
  nameRule,
];

/** Those that a value cut over neighbour leaves may belong to. */
export const JOINED_RULES: readonly Rule[] = [emailRule, phoneRule, paymentCardRule, bankAccountRule, nationalIdRule];
