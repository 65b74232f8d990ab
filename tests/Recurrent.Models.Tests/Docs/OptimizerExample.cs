// <example>
using Recurrent;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

internal static class OptimizerExample
{
    public static History Run(NDArray x, NDArray y)
    {
        var model = new Sequential([new GRU(16, name: "encoder", inputShape: (x.Shape[1], x.Shape[2])), new Dense(1)]);
        var schedule = new WarmUp(new CosineDecay(1e-2, decaySteps: 500), warmupSteps: 50);
        model.Compile(
            new AdamW(schedule, weightDecay: 0.01, globalClipNorm: 1, useEma: true, gradientAccumulationSteps: 2)
                .ExcludeFromWeightDecay("bias")                  // no decay of what has "bias" in its path
                .SetLearningRateMultiplier("encoder", 0.1),      // a tenth of the rate for this layer
            "mse");
        return model.Fit(x, y, epochs: 2, batchSize: 8, validationSplit: 0.2, verbose: 0, callbacks: new SwapEMAWeights());
    }
}
// </example>
