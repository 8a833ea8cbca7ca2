// Signs by the names that people type behind a colon. A list of the common ones; whoever needs another has it on their keyboard. Pure.
import type { Suggestion } from './suggestion.ts';

const LIST =
  'smile 😄,grin 😁,joy 😂,rofl 🤣,slight_smile 🙂,wink 😉,blush 😊,heart_eyes 😍,star_eyes 🤩,kiss 😘,tongue 😛,thinking 🤔,raised_eyebrow 🤨,neutral 😐,expressionless 😑,' +
  'smirk 😏,unamused 😒,roll_eyes 🙄,grimace 😬,relieved 😌,sleepy 😪,sleeping 😴,mask 😷,sick 🤒,dizzy 😵,exploding_head 🤯,cowboy 🤠,party_face 🥳,cool 😎,nerd 🤓,' +
  'confused 😕,worried 😟,open_mouth 😮,astonished 😲,flushed 😳,pleading 🥺,cry 😢,sob 😭,scream 😱,sweat 😓,tired 😫,yawn 🥱,angry 😠,rage 😡,skull 💀,clown 🤡,ghost 👻,robot 🤖,' +
  'thumbsup 👍,thumbsdown 👎,ok_hand 👌,clap 👏,raised_hands 🙌,wave 👋,pray 🙏,handshake 🤝,muscle 💪,point_up ☝️,point_right 👉,point_left 👈,point_down 👇,fingers_crossed 🤞,victory ✌️,writing_hand ✍️,eyes 👀,brain 🧠,shrug 🤷,facepalm 🤦,' +
  'heart ❤️,orange_heart 🧡,yellow_heart 💛,green_heart 💚,blue_heart 💙,purple_heart 💜,broken_heart 💔,fire 🔥,sparkles ✨,star ⭐,boom 💥,100 💯,zap ⚡,' +
  'check ✅,tick ✔️,cross ❌,warning ⚠️,question ❓,exclamation ❗,stop 🛑,no_entry ⛔,plus ➕,minus ➖,arrow_right ➡️,arrow_left ⬅️,arrow_up ⬆️,arrow_down ⬇️,recycle ♻️,infinity ♾️,' +
  'tada 🎉,balloon 🎈,gift 🎁,trophy 🏆,medal 🏅,rocket 🚀,satellite 🛰️,antenna 📡,radio 📻,plane ✈️,train 🚆,car 🚗,bike 🚲,ship 🚢,ferry ⛴️,tent ⛺,house 🏠,office 🏢,world 🌍,mountain ⛰️,' +
  'sun ☀️,moon 🌙,cloud ☁️,rain 🌧️,snow ❄️,rainbow 🌈,tree 🌳,seedling 🌱,flower 🌸,dog 🐶,cat 🐱,bug 🐛,turtle 🐢,unicorn 🦄,penguin 🐧,camel 🐪,' +
  'coffee ☕,tea 🍵,beer 🍺,wine 🍷,pizza 🍕,burger 🍔,cake 🍰,cookie 🍪,apple 🍎,banana 🍌,soup 🍲,salt 🧂,' +
  'memo 📝,book 📖,books 📚,calendar 📅,pin 📌,paperclip 📎,link 🔗,lock 🔒,unlock 🔓,key 🔑,bulb 💡,wrench 🔧,hammer 🔨,gear ⚙️,bell 🔔,mute 🔕,megaphone 📣,mail ✉️,phone 📞,laptop 💻,disk 💾,chart 📈,chart_down 📉,package 📦,hourglass ⏳,alarm ⏰,money 💰,scales ⚖️,magnet 🧲,microscope 🔬,telescope 🔭,thermometer 🌡️';

const EMOJI = LIST.split(',').map((entry) => {
  const cut = entry.indexOf(' ');
  return { name: entry.slice(0, cut), sign: entry.slice(cut + 1) };
});
const MOST = 8;

/** Those whose names begin so, then those that have it inside. */
export function emojiRows(query: string): readonly Suggestion[] {
  const wanted = query.toLowerCase();
  const begin = EMOJI.filter(({ name }) => name.startsWith(wanted));
  const inside = EMOJI.filter(({ name }) => !name.startsWith(wanted) && name.includes(wanted));
  return [...begin, ...inside].slice(0, MOST).map(({ name, sign }) => ({
    id: name,
    title: `${sign} ${name.replaceAll('_', ' ')}`,
    hint: `:${name}`,
    icon: null,
    shown: `${sign} `,
    stored: null,
  }));
}
