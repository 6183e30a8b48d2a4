#!/usr/bin/env php
<?php
// Hands the data of a service over to Valise. PHP 8 with its extensions curl and sodium.
//
// usage: VALISE=https://valise.example TOKEN=vs_… php serve.php OUTBOX MEDIA SERVICE KEY ACCOUNT
//
// OUTBOX   what has happened, as lines (docs/formats/ingest.md); MEDIA a folder with the account's files
// SERVICE  the name that the service is registered under; KEY its private key (PEM)
// ACCOUNT  whose gear is clicked: prints the address that it leads to

declare(strict_types=1);

final class Valise
{
    public function __construct(private string $url, private string $token)
    {
        $this->url = rtrim($url, '/');
    }

    // One call; $options may bring a body. Busy (503) is tried again when the body can be sent again.
    public function call(string $method, string $path, array $options = [], string $type = 'application/json'): ?array
    {
        for ($attempt = 0; $attempt < 10; $attempt++) {
            $curl = curl_init("$this->url/api/v1/ingest$path");
            curl_setopt_array($curl, $options + [
                CURLOPT_CUSTOMREQUEST => $method,
                CURLOPT_RETURNTRANSFER => true,
                CURLOPT_HTTPHEADER => ["Authorization: Bearer $this->token", "Content-Type: $type"],
            ]);
            $answer = curl_exec($curl);
            $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
            if ($answer === false) {
                throw new RuntimeException(curl_error($curl));
            }
            if ($status !== 503 || isset($options[CURLOPT_READFUNCTION])) {
                break;
            }
            sleep(2);
        }
        if ($status >= 400) {
            throw new RuntimeException("$status: $answer");
        }
        return $answer === '' ? null : json_decode($answer, true, 64, JSON_THROW_ON_ERROR);
    }

    // Only what is not there yet is sent.
    public function sendMedia(string $account, string $folder): void
    {
        $files = [];
        foreach (glob("$folder/*") as $file) {
            $files[hash_file('sha256', $file)] = $file;
        }
        $asked = json_encode(['digests' => array_map('strval', array_keys($files))]);
        $missing = $this->call('POST', "/accounts/$account/blobs/missing", [CURLOPT_POSTFIELDS => $asked]);
        foreach ($missing['missing'] as $digest) {
            $file = fopen($files[$digest], 'rb');
            $this->call('PUT', "/accounts/$account/blobs/$digest", [
                CURLOPT_UPLOAD => true,
                CURLOPT_INFILE => $file,
                CURLOPT_INFILESIZE => filesize($files[$digest]),
            ]);
        }
    }

    // Everything after the last durable line, as one stream of any length.
    public function sendOutbox(string $outbox): array
    {
        $reached = $this->call('GET', '/cursor')['cursor'];
        $file = fopen($outbox, 'rb');
        while ($reached !== null && ($line = fgets($file)) !== false) {
            if (json_decode($line, true)['cursor'] === $reached) {
                break;
            }
        }
        return $this->call('POST', '/stream', [
            CURLOPT_UPLOAD => true,
            CURLOPT_READFUNCTION => fn ($curl, $ignored, int $length): string => (string) fread($file, $length),
        ], 'application/x-ndjson');
    }

    // The address that the gear leads to (docs/formats/hand-off.md): good once and for a minute.
    public function handOff(string $service, string $key, string $account, string $next = '/'): string
    {
        // The last 32 bytes of the PEM (RFC 8410) are the seed of the key.
        $der = base64_decode(preg_replace('/-----[^-]+-----|\s/', '', file_get_contents($key)));
        $secret = sodium_crypto_sign_secretkey(sodium_crypto_sign_seed_keypair(substr($der, -32)));
        $part = fn (string $data): string => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
        $now = time();
        $signed = $part(json_encode(['alg' => 'EdDSA', 'typ' => 'JWT'])) . '.' . $part(json_encode([
            'iss' => $service, 'sub' => $account, 'aud' => $this->url, 'iat' => $now, 'exp' => $now + 60,
            'jti' => bin2hex(random_bytes(16)), 'next' => $next,
        ]));
        return "$this->url/hand-off?token=$signed." . $part(sodium_crypto_sign_detached($signed, $secret));
    }

    // [kind => [month => [count, digest]]]
    public function sums(string $account): array
    {
        $sums = [];
        foreach ($this->call('GET', "/accounts/$account/reconcile")['kinds'] as $kind) {
            foreach ($kind['months'] as $month) {
                $sums[$kind['kind']][$month['month']] = [$month['count'], $month['digest']];
            }
        }
        return $sums;
    }
}

// What this side holds of an account, as Valise tells it.
function ownSums(string $account, string $outbox): array
{
    $held = [];
    foreach (file($outbox) as $text) {
        $line = json_decode($text, true);
        if (!in_array($account, $line['accounts'] ?? [$line['account']], true)) {
            continue;
        }
        if ($line['op'] === 'put') {
            $month = substr($line['record']['time'] ?? '', 0, 7);
            $held[$line['record']['kind']][$line['id']] = [$month, "{$line['id']} " . ($line['version'] ?? '') . "\n"];
        } elseif ($line['op'] === 'delete') {
            unset($held[$line['kind']][$line['id']]);
        }
    }
    $sums = [];
    foreach ($held as $kind => $records) {
        $months = [];
        foreach ($records as [$month, $line]) {
            $months[$month][] = $line;
        }
        foreach ($months as $month => $lines) {
            sort($lines, SORT_STRING);
            $sums[$kind][$month] = [count($lines), hash('sha256', implode('', $lines))];
        }
    }
    return $sums;
}

if ($argc !== 6) {
    fwrite(STDERR, "usage: VALISE=… TOKEN=… php serve.php OUTBOX MEDIA SERVICE KEY ACCOUNT\n");
    exit(2);
}
[, $outbox, $media, $service, $key, $account] = $argv;
$valise = new Valise(getenv('VALISE'), getenv('TOKEN'));
$answer = $valise->sendOutbox($outbox);
echo "{$answer['applied']} lines taken, cursor {$answer['cursor']}\n";
foreach ($answer['refused']['lines'] as $line) {
    fwrite(STDERR, "line {$line['line']}: {$line['message']}\n");
}
$valise->sendMedia($account, $media);
if (ownSums($account, $outbox) != $valise->sums($account)) {
    fwrite(STDERR, "the two sides hold different things\n");
    exit(1);
}
echo "both sides hold the same\n", $valise->handOff($service, $key, $account), "\n";
exit($answer['refused']['count'] > 0 ? 1 : 0);
