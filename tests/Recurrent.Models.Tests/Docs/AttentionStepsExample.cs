// docs/streaming.md shows this file between the two lines; StreamingDocsTests holds the two together.
// <example>
using Recurrent;
using Recurrent.Models;
using Recurrent.States;
using Recurrent.Streaming;

internal static class AttentionStepsExample
{
    // A model with the inputs "target" and "memory": causal attention to what it has written, and attention to what was read.
    public static float[] TwoBeams(Model writer, NDArray memory, float[] first, float[] second)
    {
        StreamingSession session = writer.OpenSession(start: new() { ["memory"] = memory }, capacity: 64, maxSteps: 200);
        session.Step(first);                                     // keys and values of this step are kept for the next ones

        ModelState one = session.State;                          // a value, whatever the session does from now on
        StreamingSession beams = writer.OpenSession(one.Select(0, 0), capacity: 64);
        beams.Step([.. first, .. second]);                       // two sequences that part from here
        beams.State = beams.State.Select(1, 1);                  // go on from the better one, twice
        return beams.Step([.. second, .. first]);
    }
}
// </example>
