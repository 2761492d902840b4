/** The words of a topic's titles and texts. */
export interface Topic {
  readonly name: string;
  readonly adjectives: readonly string[];
  readonly nouns: readonly string[];
  /** The subjects of its texts. */
  readonly themes: readonly string[];
}

const words = (text: string) => text.split(" ");

const topic = (name: string, adjectives: string, nouns: string, themes: string): Topic => ({
  name,
  adjectives: words(adjectives),
  nouns: words(nouns),
  themes: words(themes),
});

export const topics: readonly Topic[] = [
  topic(
    "seafaring",
    "Salt Tidal Drowned Windward Stormbound",
    "Lighthouse Harbour Anchor Captain Voyage Reef",
    "ships storms islands navigators mutiny trade-winds",
  ),
  topic(
    "mystery",
    "Silent Locked Crooked Vanished Midnight",
    "Witness Letter Alibi Inspector Key Staircase",
    "murder clues suspects detectives alibis secrets",
  ),
  topic(
    "space",
    "Distant Orbital Lunar Weightless Stellar",
    "Station Signal Colony Comet Airlock Horizon",
    "starships planets astronauts first-contact gravity exile",
  ),
  topic(
    "romance",
    "Tender Second Unwritten Summer Stolen",
    "Promise Waltz Engagement Kiss Garden Proposal",
    "courtship longing weddings rivals letters reunion",
  ),
  topic(
    "cookery",
    "Bitter Buttered Slow Smoked Golden",
    "Kitchen Orchard Table Recipe Harvest Oven",
    "recipes bread spices markets seasons hospitality",
  ),
  topic(
    "mountaineering",
    "High Frozen Northern Thin Windswept",
    "Summit Ridge Rope Glacier Ascent Camp",
    "climbers avalanches endurance altitude rescue weather",
  ),
  topic(
    "politics",
    "Divided Public Hollow Second Restless",
    "Chamber Ballot Treaty Minister Republic Speech",
    "elections power ministers betrayal reform revolutions",
  ),
  topic(
    "music",
    "Minor Broken Electric Blue Unfinished",
    "Quartet Chorus Melody Fiddle Encore Conductor",
    "concerts composers rehearsals jazz virtuosos stages",
  ),
  topic(
    "nature",
    "Wild Green Ancient Hidden Migrant",
    "Forest River Heron Moss Meadow Burrow",
    "birds rivers seasons conservation foxes walking",
  ),
  topic(
    "history",
    "Imperial Fallen Forgotten Royal Gilded",
    "Empire Siege Archive Crown Legion Cathedral",
    "kings wars archives plague dynasties merchants",
  ),
  topic(
    "magic",
    "Enchanted Cursed Crimson Whispering Last",
    "Tower Dragon Grimoire Prophecy Sorcerer Gate",
    "spells dragons quests apprentices prophecies kingdoms",
  ),
  topic(
    "technology",
    "Recursive Digital Artificial Parallel Quiet",
    "Machine Algorithm Network Circuit Server Proof",
    "computers engineers privacy startups automation hackers",
  ),
];
