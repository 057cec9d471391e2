/**
 * One line a template; `{kind}` and `{kind:tongue}` are filled from `values.mjs`, `{=n}` repeats the n-th slot's value and
 * is marked again, `|` is a line end. Even ones belong to `dev`, odd ones to `test`.
 */
const lines = (text) => text.trim().split('\n');

export const WITH = lines(String.raw`
Hi, this is {name:en}. My order {order} never arrived at {address}, {city}.
Hello, my name is {name:en} and I was charged twice on card {card}.
hey its {lower}, can u reset my login? email is {email}
hi im {lower} and i live in {city}, call me on {phone} plz
Can you call me back on {phone}? Ask for {first}.
You can reach me at {phone} or {email}. Thanks, {first}
{"name":"update_customer","arguments":{"customer_name":"{name}","email":"{email}","phone":"{phone}"}}
{"tool":"lookup_user","input":{"user_id":"{userid}","name":"{name}"}}
{"result":{"found":true,"contact":{"mail":"{email}","tel":"{phone}"},"plan":"gold"}}
{"type":"tool_result","content":"404: no customer \"{name}\" at {address}"}
{"arguments":"{\"to\":\"{email}\",\"subject\":\"Your visit\",\"body\":\"Dear {name:en}, see you soon\"}"}
{"arguments":"{\"iban\":\"{iban}\",\"holder\":\"{name:de}\"}"}
{"enduser.id":"{handle}","client.address":"{ip}","http.status_code":200}
{"attributes":{"user.email":"{email}","user.id":"{userid}","net.peer.ip":"{ip}"}}
{"metadata":{"user_id":"{handle}","session":"{uuid}"},"ts":"{iso}"}
{iso} INFO auth login ok user={handle} ip={ip} dur={number}ms
{iso} sshd[{number}]: Accepted publickey for {handle} from {ip} port {port} ssh2
Traceback (most recent call last):|  File "/home/{handle}/app/main.py", line 12, in run|KeyError: 'name'
    at run (/Users/{handle}/work/index.js:8:3)|    at main (/Users/{=1}/work/index.js:20:1)
C:\Users\{handle}\Desktop\report.docx could not be opened
commit {commit}|Author: {name:en} <{email}>|Date: Tue Mar 3 10:22:01 2026
Co-authored-by: {name:en} <{email}>
Signed-off-by: {name:de} <{email}>
const owner = "{name:en}"; // write to {email}
INSERT INTO patients (name, born, phone) VALUES ('{name:en}', '{birth}', '{phone}');
SELECT * FROM users WHERE email = '{email}' AND phone = '{phone}';
curl -u {handle}:{password} https://api.harbour.invalid/v1/orders
ssh {handle}@{ip} -p {port}
export GITHUB_TOKEN={key}
API_KEY={key} npm run deploy
DB_PASSWORD={password}|DB_PORT={port}
const apiKey = "{hex}";
Authorization: Bearer {key}
the wifi password is {password}
Your verification code is {otp}. Do not share it.
postgres://app:{password}@db.harbour.invalid:5432/prod
{"api_key":"{key}","region":"eu-1"}
password: {password}|username: {handle}
| Name | Phone | City ||-|-|-|| {name:en} | {phone} | {city} |
| {swapped} | {email} | active || {swapped} | {email} | closed |
"{swapped}";"{birth}";"{iban}"
name,email,phone|{name},{email},{phone}
NAME: {name:en}|DOB: {birth}|SSN: {ssn}
My social security number is {ssn}, date of birth {birth}.
National Insurance number: {nino}
Mi DNI es {dni} y me llamo {name:es}.
Meu CPF é {cpf}, nome {name:pt}.
Passport number {passport}, issued to {name:en}.
IBAN: {iban}|Account holder: {name:de}
Please transfer it to {iban}, {name:nl}.
card number {card}, exp 04/29, name on card {name:en}
The device with MAC {mac} belongs to {first}.
GPS position {geo}, reported by {name:en}.
Customer number {account}, order {order}.
Customer {name} ({account}) asked about {order}.
Member ID: {account}. Born {birth}.
Mein Name ist {name:de}, Kundennummer {account}, Telefon {phone}.
Sehr geehrter Herr {name:de}, Ihre Bestellung {order} ist unterwegs.
Je m'appelle {name:fr}, mon e-mail est {email}.
Bonjour, ici {name:fr} de {company}. Rappelez-moi au {phone}.
Me llamo {name:es} y vivo en {city}. Mi correo: {email}
Olá, sou {name:pt}, o meu telefone é {phone}.
Mi chiamo {name:it} e abito a {city}, {address}.
Ik ben {name:nl}, mijn e-mailadres is {email}.
Mijn naam is {name:nl} en mijn rekeningnummer is {iban}.
thx!! sincerly {name:en}|{phone}
From: {name:en} <{email}>|To: {name:en} <{email}>|Subject: Re: {order}
On Tue, {name:en} wrote:|> please ship it to {address}, {city}
Attendees: {name}, {name}, {name}
{first} said that {first} will pick it up, ask {name:other}.
Meeting with {name:other} from {company} at {link}
user: i moved to {city} last week, new address {address}|assistant: Thank you, {first}. Noted.
<user>book a table for {name:fr}, phone {phone}</user>
{"messages":[{"role":"user","content":"I am {name:en}, {birth}"},{"role":"assistant","content":"Hello {=1}!"}]}
{"event":"signup","props":{"email":"{email}","ip":"{ip6}","plan":"free"}}
{"patient":{"name":"{name:en}","dob":"{birth}","mrn":"{account}"}}
WARN payment declined card={card} customer={account}
Booking for {name:it} and {name:it}, arriving from {city}.
{name:en} works for {company} in {city}.
The tenant {name:en} pays from {iban}.
?email={email}&user={handle}
git config user.email "{email}" && git config user.name "{name:en}"
Ticket {order} | requester {name:es} | {email} | {phone}
pls send the invoce to {email} , name is {lower}
`);

export const WITHOUT = lines(String.raw`
{iso} INFO server listening on port {port}, pid {number}
{iso} WARN cache miss for key session:{uuid} after {number}ms
Error: Cannot find module './{word}' (node {version})
Traceback (most recent call last):|  File "/app/src/{word}.py", line {number}, in handle|ValueError: Invalid token
    at Object.<anonymous> (/usr/src/app/index.js:12:5)|    at Module._compile (node:internal/modules:{number}:14)
commit {commit}|    Merge branch 'main' into feature/{word}
Bumped {word}-utils from {version} to {version}.
docker run -p {port}:{port} --rm app:{version}
{"trace_id":"{commit}","span_id":"{uuid}","duration_ms":{number}}
{"id":"{uuid}","object":"chat.completion","created":{millis},"usage":{"total_tokens":{number}}}
{"type":"object","properties":{"email":{"type":"string","format":"email"},"name":{"type":"string"}}}
{"status":"ok","count":{number},"next":null}
api_key = os.environ["API_KEY"]
OPENAI_API_KEY=your-api-key-here
password: string; // at least 12 characters
const token = getToken(request.headers);
DB_PASSWORD=$\{DB_PASSWORD}
Authorization: Bearer <token>
max_tokens: {number}, temperature: 0.7
The password must hold a digit and a sign.
Please enter your e-mail address and your password.
Your order has been shipped and will arrive on Monday.
I can help you with that. What is the number of your order?
How do I change the font to Times New Roman?
Click Settings, then Account, then Delete.
## Getting Started|Install the package, then open the Dashboard.
# Release Notes {version}|- Fixed Dark Mode|- Faster Search
The function returns None when the key is missing.
SELECT COUNT(*) FROM orders WHERE status = 'open' AND total > {number};
for (let i = 0; i < {number}; i++) \{ total += items[i].price; }
UPDATE settings SET value = {number} WHERE key = 'timeout';
Version {version} was released with {number} changes.
sha256:{commit}{word}
Test card numbers are listed in the documentation.
GET /api/v1/orders?limit={number}&sort=date HTTP/1.1
HTTP/1.1 404 Not Found|Content-Length: {number}
http://localhost:{port}/health answered in {number} ms
127.0.0.1 - - "GET / HTTP/1.1" 200 {number}
Server: nginx/{version}
user@example.com is only an example.
The docs say: write to you@example.com.
May I ask why the build takes so long?
I will mark this as done; grace period ends in {number} days.
rose bushes and lilies need sun
Total: {number},00 EUR for {number} items
ISBN 978-3-16-148410-0 is out of print.
The meeting is on Friday at 10:30 in room {number}.
Black Friday starts at midnight.
The model answered in French, German and Spanish.
Use Python or Rust; React and Next.js for the frontend.
Row {number}: expected 12 columns, got 11
[{number}/{number}] Compiling {word} v{version}
+--------+-------+|| {word} | {number} ||+--------+-------+
| Metric | Value ||-|-|| latency | {number} |
Die Bestellung wurde heute versandt. Vielen Dank für Ihre Geduld.
La commande a été expédiée hier, merci de votre patience.
El pedido salió ayer por la tarde.
De bestelling is onderweg en komt morgen aan.
{"level":"debug","msg":"retry {number} of 5","ts":{millis}}
retrying in {number} seconds (attempt 2 of 5)
`);
