// docs/write-your-own-cell.md shows this file between its marks; OwnCellTests holds the two together.
// <usings>
using Recurrent;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Numerics;
using Recurrent.Registration;
// </usings>
// <cell>
/// <summary>Leaky units: h_t = (1 − leak)·h_{t−1} + leak·act(W·x_t + U·h_{t−1} + b).</summary>
internal sealed class LeakyCell : GatedCell
{
    public LeakyCell(int units, double leak = 0.3, CellOptions? options = null)
        : base(units, gates: 1, options) => Leak = leak;

    private LeakyCell(ConfigReader config)
        : base(config, gates: 1) => Leak = config.Double("leak", 0.3);

    public double Leak { get; }

    public override string ClassName => "LeakyCell";

    public static LeakyCell Read(ConfigReader config) => new(config);

    public override Config GetOptions()
    {
        Config options = base.GetOptions();
        options.Add("leak", Leak);
        return options;
    }

    public override CellPass CreatePass(CellPassOptions options) => new LeakyPass(this, options);

    public override void Forward(CellPass pass, int t)
    {
        var own = (LeakyPass)pass;
        ColumnBlock z = own.ZOf(t);                                           // holds W·x_t + b already
        RecurrentKernel.Add(own.RecurrentInput(t), z);                        // z += U·h_{t−1}, with dropout where there is one
        Span<float> c = own.CandidatesOf(t);
        Span<float> before = pass.States[0].Before(t).Values;
        Span<float> after = pass.States[0].After(t).Values;
        Activation.Forward(z.Values, c, Units);
        for (int i = 0; i < c.Length; i++)
        {
            after[i] = before[i] + ((float)Leak * (c[i] - before[i]));
        }
    }

    public override void Backward(CellPass pass, int t)
    {
        var own = (LeakyPass)pass;
        ColumnBlock z = own.ZOf(t);
        DenseMatrix dh = pass.StateGradients[0];                              // in: of h_t; out: of h_{t−1}
        Activation.Backward(z.Values, own.CandidatesOf(t), dh.Values, z.Values, Units);
        VectorMath.Scale((float)Leak, z.Values);                              // dz, in place of z
        dh.Values.CopyTo(own.Kept, 0);
        RecurrentKernel.SetBack(z, dh);                                       // dh_{t−1} = Uᵀ·dz
        own.BackThroughDropout(dh.Values);
        for (int i = 0; i < own.Kept.Length; i++)
        {
            dh.Values[i] += (1 - (float)Leak) * own.Kept[i];                  //          + (1 − leak)·dh_t
        }
    }

    /// <summary>What a run remembers beside z and h.</summary>
    private sealed class LeakyPass : GatedCellPass
    {
        private readonly DenseMatrix candidates;

        public LeakyPass(LeakyCell cell, CellPassOptions options)
            : base(cell, options)
        {
            candidates = NewMemory(cell.Units);
            Kept = new float[cell.Units * StepColumns];
        }

        public float[] Kept { get; }

        public Span<float> CandidatesOf(int t) => StepOf(candidates, t).Values;
    }
}
// </cell>

internal static class OwnCellExample
{
    // <use>
    public static Sequential Run(NDArray x, NDArray y, string path)
    {
        // The proof: each gradient against a measured slope; throws with a table of what is wrong.
        GradientCheck.Run(new RNN(new LeakyCell(4), returnSequences: true), sample: (timesteps: 5, features: 3)).ThrowIfWrong();

        var model = new Sequential([new RNN(new LeakyCell(16), inputShape: (timesteps: 10, features: 1)), new Dense(1)]);
        model.Compile("adam", "mse");
        model.Fit(x, y, epochs: 3, verbose: Recurrent.Callbacks.Verbosity.Silent);
        model.Save(path);

        // A file can name what the program that reads it says it can, and nothing else.
        var custom = new CustomObjects().Add<RecurrentCell>("LeakyCell", LeakyCell.Read);
        return Sequential.Load(path, custom: custom);
    }
    // </use>
}
