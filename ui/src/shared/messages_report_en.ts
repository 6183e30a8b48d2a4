// What came of an archive, in English: its report, and what each issue means and what to do about it.
import type { Format } from './format';

export function reportEnglish(f: Format) {
  return {
    takenIn: 'Your archive is taken in',
    from: (date: string) => `archive of ${date}`,
    records: 'What was in the archive',
    kind: 'What',
    found: 'Found',
    added: 'New',
    merged: 'Completed',
    already: 'Were here',
    missing: 'Missing',
    otherKinds: { people: 'People', profiles: 'Profile information', profile_changes: 'Earlier profiles' },
    alreadyHere: 'This very archive had been brought before: there was nothing new in it.',
    nothing: 'There was nothing in it to take in',
    nothingText: 'If you asked the service for only a part of your data, ask for all of it and bring that.',
    media: (n: number, added: string, already: string, size: string) =>
      `${f.plural(n, { one: 'photo or video', other: 'photos and videos' })}, ${size}: ${added} new, ${already} already here.`,
    filesSum: (files: string, fates: string) => `Files that came: ${files}. Of these ${fates}.`,
    fate: {
      parsed: 'read',
      medium: 'photos, videos and sounds',
      kept: 'kept as they are',
      duplicate: 'twice in the archive',
      junk: 'of no use (left by a computer)',
      broken: 'damaged',
      redacted: 'forgotten on your request',
    },
    filledIn: (n: number) => `${f.plural(n, { one: 'thing', other: 'things' })} that were missing before came with this archive.`,
    absent: (n: number) =>
      `${f.plural(n, { one: 'thing of an earlier archive is', other: 'things of earlier archives are' })} not in this one any more.`,
    absentText: 'Nothing was deleted: they stay here, and each tells since when.',
    keptTitle: 'Kept as it came',
    keptText: 'Valise does not show these yet. They are kept byte for byte, and are in every whole download.',
    category: {
      ads: 'Ads',
      seen: 'What you were shown',
      inferred: 'What the service thinks of you',
      location: 'Where the service thinks you are',
      security: 'Security and sign-ins',
      settings: 'Settings',
      apps_and_websites: 'Apps and websites',
      shopping: 'Shopping and payments',
      contacts: 'Contacts of your phone',
      monetization: 'Gifts, fundraisers and earnings',
      profile: 'About your profile',
      connections: 'About followers and who you follow',
      messages: 'About messages',
      posts: 'About posts and stories',
      activity: 'Other activity',
      threads: 'Threads',
      pages: 'Pages to read in a browser',
      other: 'Other files',
    },
    keptFiles: (files: string, size: string) => `${files}, ${size}`,
    noIssues: 'Everything in it was understood.',
    issuesTitle: 'What to know',
    whichFiles: (n: number) => `In ${f.plural(n, { one: 'file', other: 'files' })}`,
    moreFiles: (n: number) => `and ${f.number(n)} more`,
    moreIssues: (n: number) => `${f.number(n)} more are counted, but not listed here.`,
    // By code: what it is, and what to do.
    issues: {
      coarse_times: {
        what: 'Times are known to the minute only, and without their time zone.',
        todo: 'Everything is here. For exact times ask the service for the archive in the format JSON, and bring that too.',
      },
      damaged_file: {
        what: 'A file is damaged. What could be read of it is here.',
        todo: 'Download the archive from the service again and bring it: the file is filled in.',
      },
      entry_too_large: {
        what: 'An entry is longer than any that the service is known to write.',
        todo: 'Nothing is lost: it stays in the file as it was received, and is read when Valise learns it.',
      },
      invalid_json: {
        what: 'A part of a file could not be read.',
        todo: 'Download the archive again and bring it. If it stays, the service wrote it so; the file is kept as it came.',
      },
      invalid_record: {
        what: 'Lines of this download could not be read: it is damaged or was changed.',
        todo: 'Ask for the download once more where it was made, and bring that.',
      },
      missing_media: {
        what: 'Photos or videos that the archive speaks of are not in it.',
        todo: 'Ask the service for all of your data, of all time, in high quality, and bring that too, or the parts that are missing. They are filled in; nothing comes twice.',
      },
      no_key: {
        what: 'This download was changed by another program.',
        todo: 'Ask for it once more where it was made, and bring that.',
      },
      not_understood: {
        what: 'Something that Valise does not know yet.',
        todo: 'Nothing is lost: it stays in the file as it was received, and is read when Valise learns it.',
      },
      perhaps_same: {
        what: 'Two things are perhaps the same.',
        todo: 'Look at both. Both are here; nothing was mixed.',
      },
      unknown_member: {
        what: 'Details that Valise does not know yet.',
        todo: 'Nothing is lost: they stay in the file as it was received, and are read when Valise learns them.',
      },
      unreadable_file: {
        what: 'A file could not be opened.',
        todo: 'If the archive was zipped again by hand, use the ZIP exactly as the service gave it; otherwise download it again. Then bring it: the file is filled in.',
      },
      unreadable_times: {
        what: 'These pages show dates in a way that Valise does not read yet. The entries are here without a date.',
        todo: 'Ask the service for the archive in the format JSON, and bring that too: it gives the exact times.',
      },
    },
  };
}
