// <example>
using Recurrent;
using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

internal static class DiagnosisExample
{
    public static Diagnosis Run(NDArray x, NDArray y, string folder)
    {
        var model = new Sequential([new LSTM(16, inputShape: (x.Shape[1], x.Shape[2])), new Dense(1)]);
        model.Compile(new Adam(1e-3), "mse");

        Diagnosis diagnosis = model.Diagnose(x, y, validationSplit: 0.2);
        Console.WriteLine(diagnosis);                            // UnscaledInputs: All 2 features … Scale the inputs, with …
        if (diagnosis.Has(FindingKind.LearningRateTooLow) || diagnosis.Has(FindingKind.LearningRateTooHigh))
        {
            LearningRateCurve curve = model.FindLearningRate(x, y);
            curve.Save(Path.Combine(folder, "rates.html"));
            model.Optimizer!.LearningRate = curve.Suggestion ?? 1e-3;
        }

        diagnosis.Save(Path.Combine(folder, "diagnosis.html"));  // a table of findings, and the gradients through time
        return diagnosis;
    }
}
// </example>
