# A receiver of Gatehouse's webhooks, with nothing but Ruby's standard library.
#
#   WEBHOOK_SECRET=whsec_… PORT=4000 ruby receiver.rb
require 'json'
require 'openssl'
require 'socket'

SECRET = ENV.fetch('WEBHOOK_SECRET', '').delete_prefix('whsec_').unpack1('m')
TOLERANCE_SECONDS = 300
MOST_BYTES = 1024 * 1024

# An event may come more than once: keep the ids where a restart does not lose them.
SEEN = {}

# Whether the message is from whoever has the secret, and of these minutes. The body is the bytes that came.
def genuine?(headers, body)
  id = headers['webhook-id'].to_s
  timestamp = headers['webhook-timestamp'].to_s
  return false unless timestamp.match?(/\A\d+\z/) && (Time.now.to_i - timestamp.to_i).abs <= TOLERANCE_SECONDS

  digest = OpenSSL::HMAC.digest('SHA256', SECRET, "#{id}.#{timestamp}.#{body}")
  expected = "v1,#{[digest].pack('m0')}"
  # Several, while a secret is rotated.
  headers['webhook-signature'].to_s.split(' ').any? do |signature|
    signature.bytesize == expected.bytesize && OpenSSL.fixed_length_secure_compare(signature, expected)
  end
end

def handle(method, headers, body)
  return 401 unless method == 'POST' && genuine?(headers, body)

  unless SEEN.key?(headers['webhook-id'])
    SEEN[headers['webhook-id']] = true
    event = JSON.parse(body)
    puts "#{event['type']} #{event['subjectId']}"
  end
  # Answer at once, and do long work afterwards: whatever is not 2xx within 15 seconds comes again.
  204
end

$stdout.sync = true
server = TCPServer.new('127.0.0.1', Integer(ENV.fetch('PORT', '4000')))
puts "listening on #{server.addr[1]}"
loop do
  Thread.new(server.accept) do |socket|
    method = socket.gets.to_s.split(' ').first
    headers = {}
    while (line = socket.gets) && line != "\r\n"
      name, value = line.chomp.split(': ', 2)
      headers[name.downcase] = value.to_s
    end
    length = headers['content-length'].to_i
    status = length > MOST_BYTES ? 413 : handle(method, headers, length.positive? ? socket.read(length) : '')
    socket.write "HTTP/1.1 #{status} Answer\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
  ensure
    socket.close
  end
end
