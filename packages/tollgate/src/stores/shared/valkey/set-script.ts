/**
 * What the server does for a gateway that has decided by itself: each unit is about some records, and is taken if all of them still have the names under which the gateway
 * knows them. It is apart from the script that decides, and as small as it can be: what it costs is most of what the server does.
 *
 *     KEYS  the records, unit by unit; of two units that are about one record, the second is about what the first has made of it
 *     ARGV  1 the instant, or nothing: the server's own · 2 the instant at which was decided, or nothing · then for each unit how many records it is about, and of each: its name, nothing
 *           where there is none, or ? where it is only to be read; its new text, or nothing to leave it; for how many ms, or 0 to delete it
 *
 * It answers { instant, for each unit: 1, its records as they stand if one has another name, or why it failed }, or { instant } where that is not the instant of the decision. An
 * instant lies between the question and the answer: what was long on its way is decided anew.
 */
import { NAME_LENGTH } from './known-records.ts'

export const setScript = `
local call, keys, args = redis.pcall, KEYS, ARGV
local now = tonumber(args[1])
if not now then
  local time = call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local decided = tonumber(args[2])
local answer = { now }
if decided and (decided < now - 2000 or decided > now + 50) then return answer end
local at, last, key = 3, #args, 0
while at <= last do
  local count = tonumber(args[at])
  local isKnown, result = true, 1
  for each = 1, count do
    local name = args[at + 3 * each - 2]
    local stands = call('GETRANGE', keys[key + each], '0', '${NAME_LENGTH - 1}')
    if type(stands) == 'table' then
      result = 'FAILED ' .. keys[key + each] .. ' ' .. stands.err
      break
    end
    -- Not a text without anything: that is none of ours.
    if name == '' and stands == '' and call('EXISTS', keys[key + each]) == 1 then
      result = 'CORRUPT ' .. keys[key + each]
      break
    end
    if stands ~= name then isKnown = false end
  end
  if result == 1 and not isKnown then
    result = {}
    for each = 1, count do result[each] = call('GET', keys[key + each]) or '' end
  elseif result == 1 then
    for each = 1, count do
      local text, left = args[at + 3 * each - 1], args[at + 3 * each]
      if text ~= '' then
        local done = left == '0' and call('DEL', keys[key + each]) or call('SET', keys[key + each], text, 'PX', left)
        if type(done) == 'table' and done.err then result = 'FAILED ' .. keys[key + each] .. ' ' .. done.err end
      end
    end
  end
  answer[#answer + 1] = result
  key = key + count
  at = at + 1 + 3 * count
end
return answer
`
