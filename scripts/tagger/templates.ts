/**
 * Lines that this project wrote for the tagger's training: chats, tickets, mails, tool results, logs and code, in seven
 * languages, a good third without a name. `{first} {last} {full} {city} {org}` are filled from pools.
 */
export const NAMED: readonly string[] = `
hi im {full} and i cant log in
hey this is {first}, quick question about the invoice
My name is {full} and I would like to cancel.
Thanks, {first}
Best regards,|{full}
Kind regards {full}|{org}
Hi {first}, can you look at the failing build?
@{first} could you please review this before {city}?
{first} said the deploy was fine, but {first} saw errors.
I spoke with {full} from {org} yesterday.
Please forward this to {full} in our {city} office.
Customer {full} called about the late delivery to {city}.
The ticket was assigned to {full}.
{"name": "{full}", "city": "{city}", "plan": "gold"}
{"assignee": "{full}", "status": "open"}
{"first_name": "{first}", "last_name": "{last}"}
user: {full}|city: {city}|company: {org}
- {full} ({org})|- {full} ({city})
| {full} | {city} | active |
| {last}, {first} | {org} | inactive |
"{last}, {first}";"{city}";"active"
From: {full}|To: {full}|Subject: Re: your order
On Tuesday, {full} wrote:
> {full} wrote:|> I can't make it to {city}
Author: {full}
Co-authored-by: {full}
Reviewed-by: {full}
Signed-off-by: {full}
Meeting notes: {first}, {first} and {first} agreed to ship on Friday.
Attendees: {full}, {full}, {full}
Dr. {last} will see you at noon.
Ms {last} asked for a refund.
Mr. {full} moved from {city} to {city}.
I live in {city} and work for {org}.
we moved to {city} last year with my wife {first}
my brother {first} lives in {city}
my colleague {first} {last} has the same problem
ask {first} about it, she knows
tell {full} that i said hello
can u call {first} back asap
{first} is not answering, try {first} instead
404: no customer "{full}"
Found 2 results: {full} ({city}), {full} ({city})
The user {full} is already a member of {org}.
Booking confirmed for {full}, departing {city} on 3 May.
Passenger: {full}
Patient {full} was admitted in {city}.
{full} was born in {city} and studied at {org}.
{full} ({last} to her friends) joined {org} in 2009.
In 1998 {last} founded {org} with {full}.
{last} was appointed by {full} in {city}.
The applicant, {full}, lodged a complaint against {org}.
The judgment was delivered by {last} and {last}.
{full} is a teacher from {city}.
{full}, who grew up in {city}, now works for {org}.
As {last} put it, nothing was wrong with the engine.
According to {full} of {org}, prices will rise.
{city} based {org} hired {full}.
{org} opened an office in {city}.
I used to work at {org} in {city}.
my employer is {org}
flights from {city} to {city} for {full}
The weather in {city} is fine.
Ship it to {full}, 12 Long Row, {city}.
Deliver to: {full}, {city}
Contact person: {full}
Emergency contact: {full} (sister)
the landlord, {full}, never answers
hello {first} here
hiya, {first} again :)
ok {first} thx
thx {first}!!
yo {first} u there
dear {full}, we are sorry to hear that
Dear Mrs {last},
Sincerely, {full}
ps: {first} says hi
{first}'s laptop is broken
{first}s order never came
I sat next to {first} and {first} {last} at the {city} meetup.
const owner = "{full}"; // ask {first} before changing
# TODO({first}): remove after the {city} launch
author = "{full}"
INSERT INTO users VALUES (7, '{full}', '{city}');
WHERE last_name = '{last}' AND first_name = '{first}'
CV_{first}_{last}_2026.pdf
[10:22] {first}: are you there?|[10:23] {first}: yes, one moment
<{first}> does anyone know how to mount this?|<{first}> try the wiki
{first}: did you restart it?
Agent: Hello {first}, how can I help?|Customer: my order for {city} is late
Will said he would be late for {city}.
Mark and Grace have signed, Frank has not.
I asked Rose and she said no.
Tell Bill that Drew called twice.
Did Hope answer, or was it Faith?
Please ask Mark, then Will, then {first}.
Grant wrote that May would take over.
thanks Joy, see you and Pat on monday
Chase, Hunter and Summer will join {first} in April.
Art told Dawn that June had left.
Mein Name ist {full}, ich wohne in {city}.
Hallo {first}, hast du kurz Zeit?
Sehr geehrter Herr {last}, vielen Dank für Ihre Nachricht.
Sehr geehrte Frau {last},
Liebe {first}, bis morgen in {city}!
Viele Grüße|{full}
Ich habe mit {full} von {org} gesprochen.
Der Kunde {full} aus {city} hat angerufen.
Je m'appelle {full} et j'habite à {city}.
Bonjour {first}, merci pour votre réponse.
Cordialement,|{full}
M. {last} a téléphoné hier depuis {city}.
Madame {last} travaille chez {org}.
Me llamo {full} y vivo en {city}.
Hola {first}, ¿me puedes ayudar con el pedido?
El cliente {full} de {city} llamó ayer.
Saludos,|{full}
La señora {last} trabaja en {org}.
Meu nome é {full} e moro em {city}.
Olá {first}, tudo bem?
Obrigado, {first}
O senhor {last} ligou de {city}.
Mi chiamo {full} e abito a {city}.
Ciao {first}, hai visto il messaggio?
Cordiali saluti,|{full}
Il signor {last} lavora per {org}.
Ik ben {full} en ik woon in {city}.
Hallo {first}, kun je mij helpen?
Met vriendelijke groet,|{full}
Mevrouw {last} werkt bij {org}.
`
  .trim()
  .split('\n');

export const UNNAMED: readonly string[] = `
The build failed on Ubuntu 22.04 with exit code 1.
Please restart the Docker container and try again.
Error: Cannot find module 'react-dom/client'
TypeError: Cannot read properties of undefined (reading 'map')
    at Object.<anonymous> (/app/src/index.js:12:5)
Traceback (most recent call last):|  File "main.py", line 3, in <module>
ValueError: Invalid isoformat string
{"role": "assistant", "content": "Sure, here is the updated code."}
{"type": "object", "properties": {"query": {"type": "string"}}}
{"status": "Active", "plan": "Gold", "region": "North"}
{"title": "Monthly Report", "Owner": "Platform Team"}
import React, { useState } from 'react';
class UserController extends BaseController {
public static void main(String[] args) {
SELECT COUNT(*) FROM Orders WHERE Status = 'Open';
## Getting Started|Install the package and run the Setup Wizard.
# Release Notes|- Fixed Dark Mode|- Added Export Button
The Settings page shows Account, Billing and Notifications.
Click File, then Save As, and choose Rich Text Format.
Use Times New Roman or Comic Sans for the heading.
Open Visual Studio Code and press Command Palette.
I can help you with that! Let me check the Order Status first.
Your Order has been shipped and will arrive on Monday.
Thank you for contacting Customer Support.
Terms of Service and Privacy Policy apply.
The Eiffel Tower algorithm is not a thing.
We use Python, Rust and Go for the backend.
Monday, Tuesday and Wednesday are fully booked.
In January we released version 2.0 of the Mobile App.
Question: What is Machine Learning?
Answer: Machine Learning is a part of Artificial Intelligence.
Step 1: Preheat the Oven.|Step 2: Mix Flour, Sugar and Butter.
Happy Birthday and Merry Christmas!
The Black Friday sale starts at midnight.
Has anyone tried the New Season of that show?
LOL that was the BEST movie EVER
OMG I love this song so much
Good Morning everyone, Happy Friday!!
So Excited for the Weekend
Just finished The Long Way Home, Great Book
Warning: Deprecated API usage in Payment Module
INFO Starting Application Server on Port 8080
DEBUG Cache Miss for Key session
GET /api/v1/Users HTTP/1.1
Content-Type: application/json
User-Agent: Mozilla/5.0 (Windows NT 10.0)
Let me know if you want a Quick Summary or a Detailed Report.
As an AI language model, I do not have Personal Opinions.
Here are the Top Five Tips for better Sleep:
The function returns None if the Key is missing.
Bread, Milk, Eggs and Cheese
Will you be there in May? Rose bushes bloom in June.
May I ask what the Status is?
Mark the task as Done and close the Issue.
Grant access to the Admin role.
The Bill was paid in full. A Frank answer is best.
I hope that Grace and Faith are not in short supply.
Chase the package if it is late. Drew a blank there.
Please find the Invoice attached.
Die Bestellung wurde heute versandt.
Bitte öffnen Sie die Einstellungen und wählen Sie Konto.
Der Fehler tritt nur im Dunklen Modus auf.
La commande a été expédiée hier.
Veuillez ouvrir les Paramètres puis Compte.
El pedido fue enviado ayer. Gracias por su paciencia.
Abra la Configuración y elija Cuenta.
L'ordine è stato spedito ieri. Grazie per la pazienza.
O pedido foi enviado ontem. Obrigado pela paciência.
De bestelling is gisteren verzonden. Bedankt voor uw geduld.
Agreement means this Loan and Security Agreement.
Borrower shall deliver to Bank the Financial Statements.
The Notice shall be given under Section 4 of the Agreement.
Article 6 of the Convention was not breached.
The Court notes that the Government did not object.
The Supreme Court dismissed the Appeal on Points of Law.
Group Stage, Quarter Finals and Semi Finals
The Second World War ended in 1945.
Chapter One: The Beginning
Prime Minister, Minister of Finance and Head of State
`
  .trim()
  .split('\n');

export const ORG_FORMS = [
  '{last} GmbH',
  '{last} & {last}',
  '{last} Ltd',
  '{last} Inc',
  'Bank of {city}',
  'University of {city}',
  '{city} Hospital',
  '{last} Logistics',
  '{last} Software',
  '{last} Partners',
  '{city} Airlines',
  '{last} Foods',
  '{last} Bros',
  '{last} Group',
  '{last} AG',
  '{city} Council',
  '{last} School',
  '{last} Motors',
  '{last}Soft',
  '{last}ly',
  '{city} United',
  '{last} SA',
  '{last} BV',
  '{last} College',
  '{last} Insurance',
];
