<?php
// A receiver of Gatehouse's webhooks, with nothing but PHP 8.
//
//   WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:4000 receiver.php

const TOLERANCE_SECONDS = 300;
const MOST_BYTES = 1024 * 1024;

/** Whether the message is from whoever has the secret, and of these minutes. The body is the bytes that came. */
function is_genuine(string $body): bool
{
    $secret = base64_decode(preg_replace('/^whsec_/', '', (string) getenv('WEBHOOK_SECRET')));
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > TOLERANCE_SECONDS) {
        return false;
    }
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $secret, true));
    // Several, while a secret is rotated.
    foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $signature) {
        if (hash_equals($expected, $signature)) {
            return true;
        }
    }
    return false;
}

if ((int) ($_SERVER['CONTENT_LENGTH'] ?? 0) > MOST_BYTES) {
    http_response_code(413);
    return;
}
$body = (string) file_get_contents('php://input');
if (($_SERVER['REQUEST_METHOD'] ?? '') !== 'POST' || !is_genuine($body)) {
    http_response_code(401);
    return;
}

// An event may come more than once. This keeps a file for each; a table with a unique column is better.
$seen = sys_get_temp_dir() . '/gatehouse-seen-' . hash('sha256', $_SERVER['HTTP_WEBHOOK_ID']);
$first = @fopen($seen, 'x');
if ($first !== false) {
    $event = json_decode($body, true);
    file_put_contents('php://stderr', $event['type'] . ' ' . $event['subjectId'] . "\n");
}
// Answer at once, and do long work afterwards: whatever is not 2xx within 15 seconds comes again.
http_response_code(204);
