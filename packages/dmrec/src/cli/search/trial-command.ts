/** The hidden command of the processes that train trials. */
export const trialCommand = "search-trial";
