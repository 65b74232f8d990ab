// docs/streaming.md shows this file between the two lines; StreamingDocsTests holds the two together.
// <example>
using Recurrent.Models;
using Recurrent.Streaming;

internal static class StreamingExample
{
    public static float Run(Sequential model, IEnumerable<float> temperatures, string path)
    {
        StreamingSession session = model.OpenSession();          // one sequence; sequences: n takes n side by side
        float[] forecast = new float[session.OutputFeatures];
        foreach (float temperature in temperatures)
        {
            session.Step([temperature], forecast);               // what Predict gives for the sequence so far, to the bit
        }

        StreamingSession ifItFreezes = session.Fork();           // shares the weights, goes its own way
        float[] colder = ifItFreezes.Step(-5);

        session.Save(path);                                      // the state, not the weights
        StreamingSession tomorrow = model.ResumeSession(path);   // goes on where it was
        return tomorrow.Step(forecast[0])[0] - colder[0];
    }
}
// </example>
